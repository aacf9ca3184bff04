# The environment that counts: Dataflow writes the rows, everything is kept.
module "pipeline" {
  source = "../../stacks/pipeline"

  environment     = "prod"
  table_manager   = { max_instances = 1000 }
  event_generator = { max_instances = 10 }
  dataflow        = { max_workers = 50, subnetwork = var.subnetwork }

  alert_emails          = var.alert_emails
  allow_destroy         = var.allow_destroy
  confirm_destroy       = var.confirm_destroy
  delivery_mode         = var.delivery_mode
  deployers             = var.deployers
  github                = var.github
  images                = var.images
  notification_channels = var.notification_channels
  operators             = var.operators
  project_id            = var.project_id
  publishers            = var.publishers
  readers               = var.readers
  region                = var.region
  runbook_url           = var.runbook_url
  state_bucket          = var.state_bucket
  template_path         = var.template_path
}
