"""Send back the JSON that comes in, on the HTTP server that the bot and Rasa run on."""

import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

app = Sanic("echo", configure_logging=False)


@app.post("/")
async def echo(request: Request) -> HTTPResponse:
    """Answer with what was sent."""
    return json_response(request.json)


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), access_log=False, motd=False)
