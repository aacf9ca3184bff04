# dev: table-manager writes the rows, little runs, and nothing is kept for long.
environment     = "dev"
delivery_mode   = "direct"
archive_days    = 7
events_days     = 30
table_manager   = { max_instances = 10 }
event_generator = { max_instances = 2 }
dataflow        = { max_workers = 2 }
