"""What Rasa 3.6 expects of packages that have moved on; stand_ins.py imports this before Rasa."""

import numpy
import packaging.version
import sanic

if not hasattr(numpy, "VisibleDeprecationWarning"):
    # Of numpy before 2. Rasa hides such warnings; there are none any more.
    numpy.VisibleDeprecationWarning = numpy.exceptions.VisibleDeprecationWarning

if not hasattr(packaging.version, "LegacyVersion"):
    # Of packaging before 22, which made one of what is no version. Now that raises an error,
    # which Rasa, who refuses such a version, catches too.
    packaging.version.LegacyVersion = type("LegacyVersion", (), {})

# Sanic starts processes of its own since 22.9, where Rasa's server could not be found anew.
sanic.Sanic.run.__kwdefaults__["single_process"] = True

# Sanic's function that made one of these is gone since 23.6; `rasa shell` asks for it.
sanic.response.stream = sanic.response.ResponseStream
