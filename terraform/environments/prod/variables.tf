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

variable "confirm_destroy" {
  description = "Second of two: what is destroyed, as `PROJECT/prod`. Does nothing unless allow_destroy is true."
  type        = string
  default     = ""
  nullable    = false
}

variable "delivery_mode" {
  description = "Who writes the rows: `dataflow` (the Dataflow job) or `direct` (table-manager itself, for low volume)."
  type        = string
  default     = "dataflow"
  nullable    = false
}

variable "deployers" {
  description = "Members who deploy, beside the GitHub deployer: they push images and templates, call the services, and run them as their accounts."
  type        = set(string)
  default     = []
  nullable    = false
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

variable "template_path" {
  description = "Flex Template of the job by a path that carries its version (`gs://<bucket>/templates/events-1.4.0.json`); null: no job yet."
  type        = string
  default     = null
}
