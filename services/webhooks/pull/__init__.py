"""Pull: `GET /events?type=&authority=&after=CURSOR&limit=&wait=`, and who may ask."""
