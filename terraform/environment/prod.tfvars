# prod: Dataflow writes the rows, and files are kept for ever.
environment     = "prod"
delivery_mode   = "dataflow"
table_manager   = { max_instances = 18 }
event_generator = { max_instances = 2 }
dataflow        = { max_workers = 50 }
