CREATE TABLE `chat_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`chat_id` text NOT NULL,
	`content` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `chat_messages_chat` ON `chat_messages` (`chat_id`);--> statement-breakpoint
CREATE TABLE `chat_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`crew_id` text,
	`agent_id` text,
	`flow_id` text,
	`partner` text NOT NULL,
	`settings` text NOT NULL,
	`status` text NOT NULL,
	`message_count` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`share_url` text,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text
);
--> statement-breakpoint
CREATE INDEX `chat_sessions_updated` ON `chat_sessions` (`updated_at`);--> statement-breakpoint
CREATE INDEX `chat_sessions_created` ON `chat_sessions` (`created_at`);