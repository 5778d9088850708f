-- Every tenant begins with the builtin model as its default, so that a first flow runs before any vendor is connected.
-- The id is a ULID of no particular time: 26 Crockford digits, of which hex uses sixteen.
INSERT INTO `llm_providers` (`id`, `name`, `provider_type`, `credentials`, `hint`, `config`, `is_active`, `is_default`, `version`, `created_at`, `updated_at`)
SELECT 'provider_0' || substr(hex(randomblob(13)), 1, 25), 'Builtin', 'builtin', NULL, NULL, '{}', 1, 1, 1, now, now
FROM (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS now);
