"""The sample boards: an HTTP server that plays the part of London boroughs' jobs boards on this machine.

`python -m deploy.local.boards --port 8099` serves ten boards filled with facts of real adverts, half of them as RSS,
half as web pages with JSON-LD, each printing its fields the way one real vendor does. `/` lists them for people,
`/sources.json` for the ingest service; `PUT /control/{board}` changes one while it runs.
"""
