"""The jobs board, a role, the map, feeds.

asked       what somebody looks for, and its address      asked_reading   reading it out of an address
asked_words what is looked for, in words                  spelling        a word that was typed wrongly
store       the roles that are looked for                 searching       a page of them
routes      the board and the map                         role_routes     one role
feed_routes RSS and JSON Feed                             api             the HTTP API
tiles       the map: where each authority stands          beside_pay      pay beside its benchmark
history     what became of a role, in words               posting         a role as schema.org has it
"""
