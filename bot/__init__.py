"""A chatbot that answers for Biblioteksutveckling, on Rasa Open Source."""

import sys
from pathlib import Path

# Last on the path, so that a real TensorFlow would come before the stub.
sys.path.append(str(Path(__file__).resolve().parent.parent / "stubs"))
