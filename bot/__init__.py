"""A chatbot that answers for Biblioteksutveckling, on Rasa Open Source."""
