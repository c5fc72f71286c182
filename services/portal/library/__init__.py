"""The library, events and newsletters.

shelf        what is published: search, an item, its versions
structures   team structures: the organisation chart, and two of them compared
offering     forms by which people offer something
reviewing    what was offered or assembled, until LOTI's staff publish or return it
happenings   events and their calendars, newsletters
gaps         roles that are advertised while the library has no job description for them
"""
