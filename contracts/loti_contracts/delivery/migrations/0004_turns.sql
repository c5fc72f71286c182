-- Hold everyone else who asks for the same name until this transaction ends. Whoever waits is served in the order of asking,
-- however short `lock_timeout` is: what all handlers of a service need is no one thing's lock, and who gave up waiting for
-- it would give up for all things, time after time, while another process has its turn.
CREATE FUNCTION hold_in_turn(name text) RETURNS void LANGUAGE plpgsql SET lock_timeout = '45s' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(name));
END $$;
