CREATE TABLE `__new_chat_messages` (
	`row` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`chat_id` text NOT NULL,
	`content` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_chat_messages` (`id`, `chat_id`, `content`, `created_at`)
	SELECT `id`, `chat_id`, `content`, `created_at` FROM `chat_messages` WHERE `chat_id` IN (SELECT `id` FROM `chat_sessions` WHERE `deleted_at` IS NULL) ORDER BY `id`;--> statement-breakpoint
INSERT INTO `__new_chat_messages` (`id`, `chat_id`, `content`, `created_at`)
	SELECT `id`, `id`, `title`, `created_at` FROM `chat_sessions` WHERE `deleted_at` IS NULL;--> statement-breakpoint
DROP TABLE `chat_messages`;--> statement-breakpoint
ALTER TABLE `__new_chat_messages` RENAME TO `chat_messages`;--> statement-breakpoint
CREATE UNIQUE INDEX `chat_messages_id_unique` ON `chat_messages` (`id`);--> statement-breakpoint
CREATE INDEX `chat_messages_chat` ON `chat_messages` (`chat_id`);--> statement-breakpoint
CREATE VIRTUAL TABLE `chat_messages_fts` USING fts5(`content`, content = 'chat_messages', content_rowid = 'row', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2');--> statement-breakpoint
INSERT INTO `chat_messages_fts` (`chat_messages_fts`) VALUES ('rebuild');--> statement-breakpoint
CREATE TRIGGER `chat_messages_written` AFTER INSERT ON `chat_messages` BEGIN
	INSERT INTO `chat_messages_fts` (`rowid`, `content`) VALUES (new.`row`, new.`content`);
END;--> statement-breakpoint
CREATE TRIGGER `chat_messages_changed` AFTER UPDATE OF `content` ON `chat_messages` WHEN new.`content` <> old.`content` BEGIN
	INSERT INTO `chat_messages_fts` (`chat_messages_fts`, `rowid`, `content`) VALUES ('delete', old.`row`, old.`content`);
	INSERT INTO `chat_messages_fts` (`rowid`, `content`) VALUES (new.`row`, new.`content`);
END;--> statement-breakpoint
CREATE TRIGGER `chat_messages_gone` AFTER DELETE ON `chat_messages` BEGIN
	INSERT INTO `chat_messages_fts` (`chat_messages_fts`, `rowid`, `content`) VALUES ('delete', old.`row`, old.`content`);
END;--> statement-breakpoint
CREATE TRIGGER `chat_sessions_titled` AFTER INSERT ON `chat_sessions` WHEN new.`deleted_at` IS NULL BEGIN
	INSERT INTO `chat_messages` (`id`, `chat_id`, `content`, `created_at`) VALUES (new.`id`, new.`id`, new.`title`, new.`created_at`);
END;--> statement-breakpoint
CREATE TRIGGER `chat_sessions_renamed` AFTER UPDATE OF `title` ON `chat_sessions` WHEN new.`title` <> old.`title` BEGIN
	UPDATE `chat_messages` SET `content` = new.`title` WHERE `id` = new.`id`;
END;--> statement-breakpoint
CREATE TRIGGER `chat_sessions_gone` AFTER UPDATE OF `deleted_at` ON `chat_sessions` WHEN new.`deleted_at` IS NOT NULL AND old.`deleted_at` IS NULL BEGIN
	DELETE FROM `chat_messages` WHERE `chat_id` = new.`id`;
END;
