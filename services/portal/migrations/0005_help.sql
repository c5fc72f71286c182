-- The list of requests is read newest first, by LOTI's staff for every borough; supporters are counted by kind.
CREATE INDEX request_by_time ON request (said_at DESC, id);
CREATE INDEX supporter_by_kind ON supporter (kind) WHERE status = 'listed';
