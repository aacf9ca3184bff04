"""Asks the local cloud through the official Python clients and prints the answers as one JSON object.

The programs of the other languages print the same object: see ../README.md.
"""

import base64
import hashlib
import json
import os
from concurrent import futures
from datetime import timezone

from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import BadRequest, NotFound
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, pubsub_v1, storage

PROJECT = os.environ["GCP_PROJECT_ID"]
NAME = "python_clients"
MESSAGES = 1000


def refusal(call):
    try:
        call()
    except (BadRequest, NotFound) as error:
        return error.code
    return 200


def bigquery_facts():
    client = bigquery.Client(
        PROJECT,
        credentials=AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=os.environ["BIGQUERY_EMULATOR_HOST"]),
    )
    client.create_dataset(NAME)
    field = bigquery.SchemaField
    schema = [
        field("id", "INTEGER"),
        field("price", "NUMERIC"),
        field("at", "TIMESTAMP"),
        field("tags", "STRING", mode="REPEATED"),
        field("owner", "RECORD", fields=[field("name", "STRING")]),
    ]
    table = client.create_table(bigquery.Table(f"{PROJECT}.{NAME}.orders", schema))
    errors = client.insert_rows_json(
        table,
        [
            {
                "id": "9007199254740993",
                "price": "12345678901234567890.123456789",
                "at": "2026-11-30T08:00:00.123456Z",
                "tags": ["a", "ü"],
                "owner": {"name": "Ada"},
            },
            {"id": "1"},
        ],
    )
    rows = client.query_and_wait(f"SELECT * FROM {NAME}.orders ORDER BY id DESC")
    parameter = bigquery.ScalarQueryParameter("id", "INT64", 9007199254740993)
    config = bigquery.QueryJobConfig(query_parameters=[parameter])
    found = client.query_and_wait(f"SELECT id FROM {NAME}.orders WHERE id = @id", job_config=config)
    numbers = client.query("SELECT n FROM UNNEST(GENERATE_ARRAY(1, 10)) AS n ORDER BY n").result(page_size=3)
    pages = [[row["n"] for row in page] for page in numbers.pages]
    load = bigquery.LoadJobConfig(
        schema=[field("id", "INTEGER")], source_format=bigquery.SourceFormat.NEWLINE_DELIMITED_JSON
    )
    loaded = client.load_table_from_json([{"id": 1}, {"id": 2}], f"{PROJECT}.{NAME}.loaded", job_config=load).result()
    return {
        "insertErrors": len(errors),
        "rows": [
            {
                "id": str(row["id"]),
                "price": None if row["price"] is None else str(row["price"]),
                "at": None
                if row["at"] is None
                else row["at"].astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "tags": list(row["tags"]),
                "owner": None if row["owner"] is None else row["owner"]["name"],
            }
            for row in rows
        ],
        "idFoundByParameter": [str(row["id"]) for row in found],
        "firstPage": pages[0],
        "allPages": sum(pages, []),
        "rowsLoaded": loaded.output_rows,
        "codeOfWrongSql": refusal(lambda: client.query_and_wait("SELEC 1")),
        "codeOfMissingTable": refusal(lambda: client.get_table(f"{PROJECT}.{NAME}.missing")),
    }


def pubsub_facts():
    publisher = pubsub_v1.PublisherClient()
    subscriber = pubsub_v1.SubscriberClient()
    topic = publisher.topic_path(PROJECT, NAME)
    subscription = subscriber.subscription_path(PROJECT, NAME)
    publisher.create_topic(name=topic)
    subscriber.create_subscription(name=subscription, topic=topic)
    published = [publisher.publish(topic, str(number).encode(), colour="blue") for number in range(MESSAGES)]
    futures.wait(published)
    received = {}
    everything = futures.Future()

    def receive(message):
        received[message.message_id] = (int(message.data), message.attributes["colour"])
        message.ack()
        if len(received) == MESSAGES and not everything.done():
            everything.set_result(None)

    stream = subscriber.subscribe(subscription, receive)
    everything.result(timeout=120)
    stream.cancel()
    stream.result()
    return {
        "messages": len(received),
        "sum": sum(number for number, _ in received.values()),
        "colours": sorted({colour for _, colour in received.values()}),
        "codeOfMissingTopic": refusal(lambda: publisher.get_topic(topic=f"{topic}_missing")),
    }


def storage_facts():
    client = storage.Client(PROJECT, credentials=AnonymousCredentials())
    bucket = client.create_bucket(NAME.replace("_", "-"))
    content = bytes(range(256)) * 4096
    bucket.blob("folder/large").upload_from_string(content, content_type="application/octet-stream")
    bucket.blob("folder/small").upload_from_string("ü")
    bucket.blob("other").upload_from_string("")
    names = [blob.name for blob in client.list_blobs(bucket, prefix="folder/")]
    large = bucket.blob("folder/large")
    downloaded = large.download_as_bytes()
    large.delete()
    return {
        "names": names,
        "sha256": base64.b64encode(hashlib.sha256(downloaded).digest()).decode(),
        "codeAfterDelete": refusal(large.download_as_bytes),
    }


print(json.dumps({"bigquery": bigquery_facts(), "pubsub": pubsub_facts(), "storage": storage_facts()}))
