CREATE TABLE `agent_calls` (
	`row` integer PRIMARY KEY NOT NULL,
	`agent_id` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `agent_calls_by_agent` ON `agent_calls` (`agent_id`,`at`);