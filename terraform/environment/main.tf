locals {
  # What holds data goes only when both variables say so; either alone changes nothing.
  _protected = !(var.allow_destroy && var.confirm_destroy == "${var.project_id}/${var.environment}")

  _labels = merge({ environment = var.environment, application = "events" }, var.labels)

  _has_job  = var.delivery_mode == "dataflow" && var.template_path != null
  _job_name = "${var.environment}-events"

  # Accounts are known by name before they are made, so that bindings can be planned.
  _deployers = setunion(var.deployers, var.github == null ? [] : ["serviceAccount:${var.environment}-deployer@${var.project_id}.iam.gserviceaccount.com"])

  _accounts = merge(
    {
      event-generator = { description = "Runs event-generator: publishes events." }
      table-manager = {
        description   = "Runs table-manager: creates and alters tables."
        project_roles = ["roles/bigquery.jobUser"]
      }
      trigger = { description = "Delivers events to table-manager." }
      audit   = { description = "Has table-manager audit the books." }
    },
    var.delivery_mode == "dataflow" ? {
      dataflow = {
        description   = "Runs the Dataflow job: appends rows and writes files."
        project_roles = ["roles/dataflow.worker"]
      }
    } : {},
  )
}

module "project_services" {
  source     = "../modules/project-services"
  project_id = var.project_id

  services = setunion([
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "cloudscheduler.googleapis.com",
    "eventarc.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "storage.googleapis.com",
    ], var.delivery_mode == "dataflow" ? [
    "compute.googleapis.com",
    "dataflow.googleapis.com",
  ] : [])
}

module "service_accounts" {
  source     = "../modules/service-accounts"
  project_id = var.project_id
  prefix     = var.environment
  accounts   = local._accounts
  users      = local._deployers

  depends_on = [module.project_services, module.github_federation]
}

module "artifact_registry" {
  source              = "../modules/artifact-registry"
  project_id          = var.project_id
  location            = var.region
  repository_id       = "${var.environment}-pipeline"
  labels              = local._labels
  deletion_protection = local._protected
  readers             = [for key, member in module.service_accounts.members : member if key == "dataflow"]
  writers             = local._deployers

  depends_on = [module.project_services, module.github_federation]
}

module "github_federation" {
  source   = "../modules/github-federation"
  for_each = var.github == null ? {} : { github = var.github }

  project_id   = var.project_id
  prefix       = var.environment
  repository   = each.value.repository
  owner_id     = each.value.owner_id
  refs         = each.value.refs
  state_bucket = var.state_bucket

  depends_on = [module.project_services]
}
