"""The peer of direct mode that a Python team writes: FastAPI and insert_rows_json of google-cloud-bigquery.

fastapi_insert.py BIGQUERY_PORT PROJECT DATASET
"""

import base64
import json
import socket
import sys

import uvicorn
from fastapi import FastAPI, Request, Response
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from starlette.concurrency import run_in_threadpool

TABLES = {"order": "orders", "inventory": "inventory", "user_activity": "user_activity"}
port, project, dataset = sys.argv[1:4]
client = bigquery.Client(
    project=project,
    credentials=AnonymousCredentials(),
    client_options={"api_endpoint": f"http://127.0.0.1:{port}"},
)
app = FastAPI()


@app.post("/", status_code=204)
async def receive(request: Request) -> Response:
    message = (await request.json())["message"]
    event = json.loads(base64.b64decode(message["data"]))
    row = {
        "_message_id": message["messageId"],
        "_publish_time": message["publishTime"],
        "_event_type": event["event_type"],
        **event,
    }
    table = f"{project}.{dataset}.{TABLES[event['event_type']]}"
    errors = await run_in_threadpool(client.insert_rows_json, table, [row])
    return Response(status_code=500 if errors else 204)


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
print(f"listening http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])
