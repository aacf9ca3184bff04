# prod: with the account and the network of the Dataflow job.
environment   = "prod"
delivery_mode = "dataflow"
