module "event_generator" {
  source   = "../modules/cloud-run-service"
  for_each = var.images.event_generator == null ? {} : { service = var.images.event_generator }

  project_id          = var.project_id
  location            = var.region
  name                = "${var.environment}-event-generator"
  description         = "Publishes realistic events for tests."
  image               = each.value
  service_account     = var.foundation.service_accounts["event-generator"]
  labels              = local._labels
  ingress             = var.event_generator.ingress
  invokers            = setunion(var.foundation.operators, var.foundation.deployers)
  scaling             = { min_instances = 0, max_instances = var.event_generator.max_instances }
  resources           = { memory = "512Mi", cpu_always_on = true }
  deletion_protection = local._protected

  environment = merge({
    GCP_PROJECT_ID = var.project_id
    REGION         = var.region
    TOPIC          = module.pubsub.topic_names["events"]
  }, var.event_generator.environment)
}

module "table_manager" {
  source   = "../modules/cloud-run-service"
  for_each = var.images.table_manager == null ? {} : { service = var.images.table_manager }

  project_id          = var.project_id
  location            = var.region
  name                = "${var.environment}-table-manager"
  description         = "Creates and alters the tables of events."
  image               = each.value
  service_account     = var.foundation.service_accounts["table-manager"]
  labels              = local._labels
  ingress             = var.table_manager.ingress
  invokers            = setunion(var.foundation.operators, var.foundation.deployers)
  concurrency         = var.table_manager.concurrency
  timeout_seconds     = 900
  deletion_protection = local._protected

  # Its grants are in the data modules, which do not know it.
  depends_on = [time_sleep.grants]

  scaling   = { min_instances = var.table_manager.min_instances, max_instances = var.table_manager.max_instances }
  resources = { cpu = var.table_manager.cpu, memory = var.table_manager.memory }

  environment = merge({
    GCP_PROJECT_ID      = var.project_id
    REGION              = var.region
    DATASET             = module.bigquery.dataset_id
    DELIVERY_MODE       = var.delivery_mode
    DEAD_LETTER_TOPIC   = module.pubsub.topic_names["dead_letter"]
    REPLAY_TOPIC        = module.pubsub.topic_names["replay"]
    NOTICES_TOPIC       = module.pubsub.topic_names["notices"]
    SCHEMA_WAIT_SECONDS = tostring(var.schema_wait_seconds)
  }, var.table_manager.environment)
}

# One instance: all pages share one reading of the books. A page that is open holds a request for as long as it is in sight.
module "console" {
  source   = "../modules/cloud-run-service"
  for_each = var.images.console == null ? {} : { service = var.images.console }

  project_id          = var.project_id
  location            = var.region
  name                = local._console_name
  description         = "Shows operators the books, events, tables and dead letters."
  image               = each.value
  service_account     = var.foundation.service_accounts["console"]
  labels              = local._labels
  ingress             = var.console.ingress
  iap                 = true
  invokers            = [local._iap_agent]
  concurrency         = 250
  timeout_seconds     = 3600
  scaling             = { min_instances = 0, max_instances = 1 }
  resources           = { memory = "512Mi" }
  deletion_protection = local._protected

  # Its grants are in the data modules, which do not know it.
  depends_on = [time_sleep.grants]

  # The audience of the header that the proxy signs.
  # Source: docs.cloud.google.com/iap/docs/signed-headers-howto, read 2026-11-30.
  environment = merge({
    HOST            = "0.0.0.0"
    GCP_PROJECT_ID  = var.project_id
    DATASET         = module.bigquery.dataset_id
    ARCHIVE_DATASET = module.bigquery.archive_dataset_id
    REPLAY_TOPIC    = module.pubsub.topic_names["replay"]
    IAP_AUDIENCE    = "/projects/${var.foundation.project_number}/locations/${var.region}/services/${local._console_name}"
  }, var.console.environment)
}

module "eventarc" {
  source   = "../modules/eventarc"
  for_each = module.table_manager

  project_id          = var.project_id
  location            = var.region
  labels              = local._labels
  service             = each.value.name
  service_account     = var.foundation.service_accounts["trigger"]
  deletion_protection = local._protected

  triggers = {
    "${var.environment}-table-manager"        = module.pubsub.topic_ids["events"]
    "${var.environment}-table-manager-replay" = module.pubsub.topic_ids["replay"]
  }
}

# Notices are published by the same account: it may call the service and nothing else.
module "audit" {
  source   = "../modules/scheduler"
  for_each = module.table_manager

  project_id      = var.project_id
  location        = var.region
  service         = each.value.name
  service_uri     = each.value.uri
  service_account = var.foundation.service_accounts["audit"]

  jobs = merge({
    "${var.environment}-audit" = {
      description = "Audits the books of the last hours."
      path        = "/audit"
      schedule    = var.audit_schedule
      body        = "{}"
    }
  }, local._notice_jobs)
}

# A call finds the tables that changed in the last hour; the sweep looks at all of them. A call that finds one running is
# answered 429, and the next one makes up for it, so none is retried.
module "promotion" {
  source   = "../modules/scheduler"
  for_each = length(local._promotion_jobs) == 0 ? {} : module.table_manager

  project_id      = var.project_id
  location        = var.region
  service         = each.value.name
  service_uri     = each.value.uri
  service_account = var.foundation.service_accounts["promotion"]
  jobs            = local._promotion_jobs
}

module "dataflow" {
  source   = "../modules/dataflow"
  for_each = local._has_job ? { job = var.template_path } : {}

  project_id      = var.project_id
  region          = var.region
  name            = local._job_name
  template_path   = each.value
  staging_bucket  = module.storage.bucket_names["staging"]
  temp_bucket     = module.storage.bucket_names["temp"]
  service_account = var.foundation.service_accounts["dataflow"]
  labels          = local._labels
  network         = var.dataflow.network
  subnetwork      = var.foundation.subnetwork
  public_ips      = var.dataflow.public_ips
  workers         = { initial = 1, max = var.dataflow.max_workers, machine_type = var.dataflow.machine_type }

  parameters = merge({
    inputSubscription  = module.pubsub.subscription_ids["events"]
    replaySubscription = module.pubsub.subscription_ids["replay"]
    dataset            = module.bigquery.dataset_id
    deadLetterTopic    = module.pubsub.topic_ids["dead_letter"]
    archiveLocation    = "gs://${module.storage.bucket_names["events"]}/events"
    schemaWaitSeconds  = tostring(var.schema_wait_seconds)
  }, var.dataflow.parameters)

  depends_on = [module.artifact_registry, time_sleep.grants]
}

module "monitoring" {
  source = "../modules/monitoring"

  project_id            = var.project_id
  prefix                = var.environment
  runbook_url           = var.runbook_url
  alert_emails          = var.alert_emails
  notification_channels = var.notification_channels
  labels                = local._labels
  services              = ["${var.environment}-event-generator", "${var.environment}-table-manager"]
  table_manager         = "${var.environment}-table-manager"
  job_name              = var.delivery_mode == "dataflow" ? local._job_name : null
  dataset_id            = module.bigquery.dataset_id

  log_metrics_wait_seconds = var.waits.log_metrics_seconds
  events_topic             = module.pubsub.topic_names["events"]
  dead_letter_topic        = module.pubsub.topic_names["dead_letter"]

  # In direct mode the subscriptions of the job have no reader.
  subscriptions = [
    for key, name in module.pubsub.subscription_names : name if var.delivery_mode == "dataflow" || !contains(["events", "replay"], key)
  ]
}
