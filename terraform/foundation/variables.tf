variable "console" {
  description = "The console behind Identity-Aware Proxy, and the members who may open it beside operators; null: no console. The project must be in an organization, or its consent screen configured by hand."
  type = object({
    viewers = optional(set(string), [])
  })
  default = null
}

variable "delivery_mode" {
  description = "`dataflow`: with the account and the network of the Dataflow job. `direct`: without."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dataflow", "direct"], var.delivery_mode)
    error_message = "delivery_mode is dataflow or direct."
  }
}

variable "deployers" {
  description = "Members who deploy, beside the GitHub deployer: they run services and the job as their accounts, push images and templates, and call the services."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "environment" {
  description = "Name of the environment, in front of the accounts (`prod`)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,10}$", var.environment))
    error_message = "environment is 2 to 11 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "foundation_bucket" {
  description = "Bucket of this root's own state. The deployer has no access to it."
  type        = string
  nullable    = false
}

variable "github" {
  description = "Repository whose workflows deploy without a key: `owner/name`, the owner's number, the branches that may, and whether tags `v*` release. null: no federation."
  type = object({
    repository   = string
    owner_id     = string
    refs         = optional(set(string), ["refs/heads/main"])
    release_tags = optional(bool, true)
  })
  default = null
}

variable "operators" {
  description = "Members who audit, replay and promote: they query, call the services, publish to the replay topic, write the ledger, and alter tables of events as table-manager may."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "project_id" {
  description = "Id of the Google Cloud project."
  type        = string
  nullable    = false
}

variable "readers" {
  description = "Members who query tables and read files of events."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "region" {
  description = "Region of the workers' subnetwork."
  type        = string
  default     = "us-central1"
  nullable    = false
}

variable "state_bucket" {
  description = "Bucket of the environment's state, which the GitHub deployer reads and writes; null grants nothing."
  type        = string
  default     = null
}

variable "subnetwork" {
  description = "Existing subnetwork of the workers (`regions/REGION/subnetworks/NAME`), with Private Google Access; null creates a network."
  type        = string
  default     = null

  validation {
    condition     = var.subnetwork == null ? true : can(regex("regions/[^/]+/subnetworks/[^/]+$", var.subnetwork))
    error_message = "subnetwork is written as regions/REGION/subnetworks/NAME."
  }
}

variable "waits" {
  description = "Seconds that Google needs before new services and new grants work."
  type = object({
    iam_seconds      = optional(number, 60)
    services_seconds = optional(number, 60)
  })
  default  = {}
  nullable = false
}
