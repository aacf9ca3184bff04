locals {
  # What holds data goes only when both variables say so; either alone changes nothing.
  _protected = !(var.allow_destroy && var.confirm_destroy == "${var.project_id}/${var.environment}")

  _labels = merge({ environment = var.environment, application = "events" }, var.labels)

  _has_job  = var.delivery_mode == "dataflow" && var.template_path != null
  _job_name = "${var.environment}-events"

  _promotion_jobs = {
    for name, job in {
      promotion       = { schedule = var.promotion_schedule, description = "Moves waiting values of tables that changed.", body = null }
      promotion-sweep = { schedule = var.promotion_sweep_schedule, description = "Moves waiting values of all tables.", body = jsonencode({ scope = "all", publishedSince = "30d" }) }
    } : "${var.environment}-${name}" => merge(job, { path = "/promotions", deadline_seconds = 300, retry_count = 0 }) if job.schedule != null
  }

  _notice_jobs = {
    for name, job in {
      notices       = { schedule = var.notices_schedule, description = "Publishes notices.", body = null }
      notices-sweep = { schedule = var.notices_sweep_schedule, description = "Publishes notices of everything that waits for an approval.", body = jsonencode({ publishedSince = "30d" }) }
    } : "${var.environment}-${name}" => merge(job, { path = "/notices", deadline_seconds = 300, retry_count = 0 }) if job.schedule != null
  }

  # The account exists if the foundation wants a console.
  _has_console     = contains(keys(var.foundation.service_accounts), "console")
  _console_members = local._has_console ? [local._members["console"]] : []
  _console_name    = "${var.environment}-console"

  _members      = { for key, email in var.foundation.service_accounts : key => "serviceAccount:${email}" }
  _pubsub_agent = "serviceAccount:service-${var.foundation.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  _iap_agent    = "serviceAccount:service-${var.foundation.project_number}@gcp-sa-iap.iam.gserviceaccount.com"
}

module "artifact_registry" {
  source              = "../modules/artifact-registry"
  project_id          = var.project_id
  location            = var.region
  repository_id       = "${var.environment}-pipeline"
  labels              = local._labels
  deletion_protection = local._protected
  readers             = local._job_members
  writers             = var.foundation.deployers
}

# A grant works everywhere only after a while. Pub/Sub refuses a subscription to a table or bucket that it cannot write yet,
# and a service that starts without its grants reports errors.
# Source: github.com/hashicorp/terraform-provider-google issues 17397 and 19085, read 2026-11-29.
resource "time_sleep" "grants" {
  create_duration = "${var.waits.iam_seconds}s"
  triggers        = { grants = join(",", sort(concat(module.bigquery.grants, module.storage.grants))) }
}
