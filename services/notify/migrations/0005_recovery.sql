-- What contacts chose is taken over from its topic before contacts are heard of again; what tells of it waits for them.
-- Contacts are never deleted, only emptied, and whoever empties one deletes its choice.
ALTER TABLE choice DROP CONSTRAINT choice_contact_id_fkey;
