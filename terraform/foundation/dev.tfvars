# dev: table-manager writes the rows, so there is no job.
environment   = "dev"
delivery_mode = "direct"
