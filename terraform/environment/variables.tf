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

variable "deployers" {
  description = "Members who deploy, beside the GitHub deployer: they push images and templates, call the services, and run them as their accounts."
  type        = set(string)
  default     = []
  nullable    = false
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
    max_instances = optional(number, 10)
  })
  default  = {}
  nullable = false
}

variable "events_days" {
  description = "Days after which files of events are deleted; null keeps them for ever."
  type        = number
  default     = null
}

variable "github" {
  description = "Repository whose workflows deploy without a key: `owner/name`, the owner's number, and the branches that may. null: no federation."
  type = object({
    repository = string
    owner_id   = string
    refs       = optional(set(string), ["refs/heads/main"])
  })
  default = null
}

variable "images" {
  description = "Images of the services by digest (`…@sha256:…`); a service without one is not made."
  type = object({
    event_generator = optional(string)
    table_manager   = optional(string)
  })
  default  = {}
  nullable = false
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

variable "operators" {
  description = "Members who audit and replay: they call the services, publish to the replay topic and read the dataset."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "project_id" {
  description = "Id of the Google Cloud project."
  type        = string
  nullable    = false
}

variable "publishers" {
  description = "Members who publish events, beside event-generator."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "readers" {
  description = "Members who read the tables and files of events."
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
  description = "Seconds after its publishing that an event waits for a column, the same in the job and in table-manager."
  type        = number
  default     = 600
  nullable    = false
}

variable "state_bucket" {
  description = "Bucket of Terraform's state, which the GitHub deployer reads and writes; null grants nothing."
  type        = string
  default     = null
}

variable "subnetwork" {
  description = "Subnetwork of the job's workers (`regions/REGION/subnetworks/NAME`), with Private Google Access; null takes the default network."
  type        = string
  default     = null
}

variable "table_manager" {
  description = "table-manager: size, instances, where requests may come from, and settings beyond the usual ones."
  type = object({
    concurrency   = optional(number, 100)
    cpu           = optional(string, "1")
    environment   = optional(map(string), {})
    ingress       = optional(string, "INGRESS_TRAFFIC_INTERNAL_ONLY")
    max_instances = optional(number, 1000)
    memory        = optional(string, "1Gi")
    min_instances = optional(number, 0)
  })
  default  = {}
  nullable = false
}

variable "template_path" {
  description = "Flex Template of the job by a path that carries its version (`gs://<bucket>/templates/events-1.4.0.json`); null: no job yet."
  type        = string
  default     = null
}
