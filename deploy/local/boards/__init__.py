"""The sample boards: an HTTP server that plays the part of London boroughs' jobs boards on this machine.

`python -m deploy.local.boards --port 8099` serves ten boards filled with facts of real adverts. Each is listed once in
`/sources.json`, and can be seen under the face of any vendor at `/{board}/as/{kind}/…` (see faces);
`/sources.json?face=KIND` lists them all so. `/` lists them for people; `PUT /control/{board}` changes one while it
runs, or makes it go wrong (see faults.py).
"""
