"""Mail: a transactional outbox. A mail is written with the change that it tells of, and sent by a command later on."""
