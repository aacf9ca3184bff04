variable "alert_emails" {
  description = "E-mail addresses that alerts are sent to."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "allow_destroy" {
  description = "First of two: let Terraform destroy what holds data. Does nothing unless confirm_destroy says so too."
  type        = bool
  default     = false
  nullable    = false
}

variable "archive_days" {
  description = "Days that `_raw_events` keeps a message: how far back the books and a replay reach."
  type        = number
  default     = 30
  nullable    = false
}

variable "audit_schedule" {
  description = "When the books are audited, as a cron expression in UTC. Alerts expect one in three hours."
  type        = string
  default     = "7 * * * *"
  nullable    = false
}

variable "cloud_run_quota" {
  description = "vCPU and GiB that Cloud Run may allocate in the region. It refuses a service whose instances could need more (`Quota violated: CpuAllocPerProjectRegion`); the default is what a new project has."
  type = object({
    vcpu       = optional(number, 20)
    memory_gib = optional(number, 40)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.table_manager.max_instances * tonumber(var.table_manager.cpu) + var.event_generator.max_instances + (var.images.console == null ? 0 : 1) <= var.cloud_run_quota.vcpu
    error_message = "Instances x vCPU of the services (the console has one) exceed cloud_run_quota.vcpu: lower max_instances, or have the quota raised in the console and set cloud_run_quota."
  }

  validation {
    condition     = var.table_manager.max_instances * tonumber(trimsuffix(var.table_manager.memory, "Gi")) + var.event_generator.max_instances * 0.5 + (var.images.console == null ? 0 : 0.5) <= var.cloud_run_quota.memory_gib
    error_message = "Instances x memory of the services exceed cloud_run_quota.memory_gib: lower max_instances, or have the quota raised in the console and set cloud_run_quota."
  }
}

variable "confirm_destroy" {
  description = "Second of two: what is destroyed, as `PROJECT/ENVIRONMENT`. Does nothing unless allow_destroy is true."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.confirm_destroy == "" || var.confirm_destroy == "${var.project_id}/${var.environment}"
    error_message = "confirm_destroy names another environment than this one: it is written as PROJECT/ENVIRONMENT."
  }

  validation {
    condition     = !var.allow_destroy || var.confirm_destroy != ""
    error_message = "allow_destroy alone destroys nothing: set confirm_destroy to PROJECT/ENVIRONMENT as well."
  }
}

variable "console" {
  description = "console: settings beyond the usual ones (who may act), and where requests may come from."
  type = object({
    environment = optional(map(string), {})
    ingress     = optional(string, "INGRESS_TRAFFIC_ALL")
  })
  default  = {}
  nullable = false
}

variable "data_location" {
  description = "Region or multi-region of dataset and buckets; null takes the region. It cannot be changed later."
  type        = string
  default     = null
}

variable "dataflow" {
  description = "The Dataflow job: workers, network, and parameters of the template beyond the usual ones."
  type = object({
    machine_type = optional(string, "n2-standard-2")
    max_workers  = optional(number, 10)
    network      = optional(string)
    parameters   = optional(map(string), {})
    public_ips   = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "delivery_mode" {
  description = "Who writes the rows: `dataflow` (the Dataflow job) or `direct` (table-manager itself, for low volume)."
  type        = string
  default     = "dataflow"
  nullable    = false

  validation {
    condition     = contains(["dataflow", "direct"], var.delivery_mode)
    error_message = "delivery_mode is dataflow or direct."
  }
}

variable "environment" {
  description = "Name of the environment, in front of services, dataset and accounts (`prod`). Topics and subscriptions carry none: one environment a project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,10}$", var.environment))
    error_message = "environment is 2 to 11 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "event_generator" {
  description = "event-generator: where requests may come from, instances at most, and settings beyond the usual ones."
  type = object({
    environment   = optional(map(string), {})
    ingress       = optional(string, "INGRESS_TRAFFIC_ALL")
    max_instances = optional(number, 2)
  })
  default  = {}
  nullable = false
}

variable "events_days" {
  description = "Days after which files of events are deleted; null keeps them for ever."
  type        = number
  default     = null
}

variable "foundation" {
  description = "Output `foundation` of terraform/foundation: accounts, roles, people and subnetwork. scripts/bootstrap.sh writes it to the state bucket, from where the other scripts take it."
  type = object({
    deployers        = set(string)
    operators        = set(string)
    project_number   = string
    readers          = set(string)
    revision         = number
    roles            = map(string)
    service_accounts = map(string)
    subnetwork       = optional(string)
  })
  nullable = false

  validation {
    condition     = var.foundation.revision >= 1
    error_message = "The foundation of this project is older than this release: an owner runs scripts/bootstrap.sh first."
  }

  validation {
    condition     = var.delivery_mode == "direct" || contains(keys(var.foundation.service_accounts), "dataflow")
    error_message = "The foundation has no account for the Dataflow job: apply it with delivery_mode = \"dataflow\" (scripts/bootstrap.sh)."
  }
}

variable "images" {
  description = "Images of the services by digest (`…@sha256:…`); a service without one is not made."
  type = object({
    console         = optional(string)
    event_generator = optional(string)
    table_manager   = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.images.console == null || contains(keys(var.foundation.service_accounts), "console")
    error_message = "The foundation has no account for the console: set console = {} in its settings and apply it (scripts/bootstrap.sh)."
  }
}

variable "labels" {
  description = "Labels of everything, beside `environment` and `application`."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "notification_channels" {
  description = "Channels that exist already and that alerts are sent to as well (`projects/…/notificationChannels/…`)."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "project_id" {
  description = "Id of the Google Cloud project."
  type        = string
  nullable    = false
}

variable "notices_schedule" {
  description = "When notices are published, as a cron expression in UTC; null: never."
  type        = string
  default     = "*/5 * * * *"
}

variable "notices_sweep_schedule" {
  description = "When changes that wait for an approval are looked for in the rows of the last 30 days, as a cron expression in UTC; null: never."
  type        = string
  default     = "37 2 * * *"
}

variable "notices_webhook" {
  description = "Address (https) to which every notice is pushed as a CloudEvent, with a token of `service_account` if there is one, and only notices of `types` if there are any; null: none."
  type = object({
    endpoint        = string
    service_account = optional(string)
    types           = optional(set(string), [])
  })
  default = null
}

variable "promotion_schedule" {
  description = "When values that wait for a column are moved in tables that changed, as a cron expression in UTC; null: never."
  type        = string
  default     = "* * * * *"
}

variable "promotion_sweep_schedule" {
  description = "When values of `_overflow` are moved in all tables, of the last 30 days, as a cron expression in UTC; null: never."
  type        = string
  default     = "17 2 * * *"
}

variable "publishers" {
  description = "Members who publish events, beside event-generator."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "region" {
  description = "Region of services, triggers and the job."
  type        = string
  default     = "us-central1"
  nullable    = false
}

variable "runbook_url" {
  description = "Address of docs/OPERATIONS.md; each alert links to its chapter there."
  type        = string
  nullable    = false
}

variable "schema_wait_seconds" {
  description = "Seconds after its publishing that an event waits for its table, the same in the job and in table-manager."
  type        = number
  default     = 600
  nullable    = false
}

variable "table_manager" {
  description = "table-manager: size, instances, where requests may come from, and settings beyond the usual ones."
  type = object({
    concurrency   = optional(number, 100)
    cpu           = optional(string, "1")
    environment   = optional(map(string), {})
    ingress       = optional(string, "INGRESS_TRAFFIC_INTERNAL_ONLY")
    max_instances = optional(number, 18)
    memory        = optional(string, "1Gi")
    min_instances = optional(number, 0)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^\\d+(\\.\\d+)?$", var.table_manager.cpu)) && can(regex("^\\d+Gi$", var.table_manager.memory))
    error_message = "table_manager.cpu is a number of vCPU (1), table_manager.memory is written in Gi (1Gi)."
  }
}

variable "template_path" {
  description = "Flex Template of the job by a path that carries its version (`gs://<bucket>/templates/events-1.4.0.json`); null: no job yet."
  type        = string
  default     = null
}

variable "waits" {
  description = "Seconds that Google needs before new grants work and before alerts can name new metrics of logs."
  type = object({
    iam_seconds         = optional(number, 120)
    log_metrics_seconds = optional(number, 600)
  })
  default  = {}
  nullable = false
}
