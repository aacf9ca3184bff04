# Identities, permissions and services: what only an owner of the project may grant. Applied by a person, rarely; a
# clean-up of the environment leaves it alone, and the deployer cannot change it.
locals {
  # Raised when the environment needs something new from here; environment/variables.tf demands it.
  _revision = 1

  _has_job     = var.delivery_mode == "dataflow"
  _has_console = var.console != null
  _deployers   = setunion(var.deployers, [for federation in values(module.github_federation) : "serviceAccount:${federation.deployer_email}"])

  _accounts = merge(
    {
      event-generator = { description = "Runs event-generator: publishes events." }
      table-manager = {
        description   = "Runs table-manager: creates and alters tables."
        project_roles = ["roles/bigquery.jobUser"]
      }
      trigger   = { description = "Delivers events to table-manager." }
      audit     = { description = "Calls table-manager's audit of the books." }
      promotion = { description = "Calls table-manager's promotion of waiting values." }
    },
    local._has_job ? {
      dataflow = {
        description   = "Runs the Dataflow job: appends rows and writes files."
        project_roles = ["roles/dataflow.worker"]
      }
    } : {},
    local._has_console ? {
      console = {
        description   = "Runs console: reads tables and archive, publishes replays."
        project_roles = ["roles/bigquery.jobUser"]
      }
    } : {},
  )

  # A query is a job of the project, whatever dataset it reads.
  _query_members = setunion(var.operators, var.readers)

  # The console is the only service behind Identity-Aware Proxy in its project.
  _console_members = local._has_console ? setunion(var.operators, var.console.viewers) : toset([])
}

module "project_services" {
  source       = "../modules/project-services"
  project_id   = var.project_id
  wait_seconds = var.waits.services_seconds

  services = setunion([
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "bigquerystorage.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "eventarc.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "storage.googleapis.com",
    "sts.googleapis.com",
    ], local._has_job ? [
    "compute.googleapis.com",
    "dataflow.googleapis.com",
  ] : [], local._has_console ? ["iap.googleapis.com"] : [])
}

module "service_accounts" {
  source       = "../modules/service-accounts"
  project_id   = var.project_id
  prefix       = var.environment
  accounts     = local._accounts
  custom_roles = jsondecode(file("${path.module}/../permissions/custom-roles.json"))
  users        = local._deployers

  depends_on = [module.project_services]
}

module "network" {
  source   = "../modules/network"
  for_each = local._has_job && var.subnetwork == null ? { job = true } : {}

  project_id = var.project_id
  prefix     = var.environment
  region     = var.region

  depends_on = [module.project_services]
}

module "github_federation" {
  source   = "../modules/github-federation"
  for_each = var.github == null ? {} : { github = var.github }

  project_id        = var.project_id
  prefix            = var.environment
  repository        = each.value.repository
  owner_id          = each.value.owner_id
  refs              = each.value.refs
  release_tags      = each.value.release_tags
  state_bucket      = var.state_bucket
  protected_buckets = [var.foundation_bucket]

  depends_on = [module.project_services]
}

resource "google_project_iam_member" "query" {
  for_each = local._query_members

  project = var.project_id
  role    = "roles/bigquery.jobUser"
  member  = each.value

  depends_on = [module.project_services]
}

# Here and not at the service: a grant there needs rights on every policy of Identity-Aware Proxy, which the deployer lacks.
resource "google_project_iam_member" "console" {
  for_each = local._console_members

  project = var.project_id
  role    = "roles/iap.httpsResourceAccessor"
  member  = each.value

  depends_on = [module.project_services]
}

# Accounts and grants are known everywhere only after a while; the environment uses them at once.
resource "time_sleep" "iam" {
  create_duration = "${var.waits.iam_seconds}s"
  triggers        = { grants = join(",", sort(module.service_accounts.grants)) }

  depends_on = [module.service_accounts, module.github_federation, google_project_iam_member.query, google_project_iam_member.console]
}
