-- name: add_audit(contact_id, what, event_type, subject)!
-- Who did what.
INSERT INTO audit (contact_id, what, event_type, subject) VALUES (:contact_id, :what, :event_type, :subject);
