variable "experiments" {
  description = "Experiments of the Dataflow service (`enable_recommendations`)."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "labels" {
  description = "Labels of the job."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "name" {
  description = "Name of the job (`prod-events`). A job of the same name is updated in place."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,61}[a-z0-9]$", var.name))
    error_message = "A job's name has 2 to 63 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "network" {
  description = "Network of the workers; null takes the project's default network."
  type        = string
  default     = null
}

variable "parameters" {
  description = "Parameters of the template, by name."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in ["inputSubscription", "replaySubscription", "dataset", "deadLetterTopic", "archiveLocation"] : contains(keys(var.parameters), name)])
    error_message = "The template needs inputSubscription, replaySubscription, dataset, deadLetterTopic and archiveLocation."
  }
}

variable "project_id" {
  description = "Id of the Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id is 6 to 30 lower-case letters, digits and hyphens, and begins with a letter (it is not the project's number)."
  }
}

variable "public_ips" {
  description = "Give the workers addresses of their own. Without them the subnetwork needs Private Google Access."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = var.public_ips || var.subnetwork != null
    error_message = "Workers without external addresses need a subnetwork with Private Google Access: name one, or set public_ips. The default network has it off."
  }
}

variable "region" {
  description = "Region of the job (`us-central1`)."
  type        = string
  nullable    = false
}

variable "service_account" {
  description = "E-mail address of the account that the workers run as: one of its own, not the project's default."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^@\\s]+@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com$", var.service_account))
    error_message = "The job runs as an account of its own (name@project.iam.gserviceaccount.com); the project's default accounts may do too much."
  }
}

variable "staging_bucket" {
  description = "Bucket of the job's staged files, without gs://; nothing in it is deleted by age."
  type        = string
  nullable    = false

  validation {
    condition     = !startswith(var.staging_bucket, "gs://") && !strcontains(var.staging_bucket, "/")
    error_message = "staging_bucket is the bare name of a bucket."
  }

  validation {
    condition     = var.staging_bucket != var.temp_bucket
    error_message = "staging_bucket is not temp_bucket: files there are deleted by age, and workers need the staged ones for as long as the job runs."
  }
}

variable "subnetwork" {
  description = "Subnetwork of the workers (`regions/REGION/subnetworks/NAME`); null takes the network's own."
  type        = string
  default     = null

  validation {
    condition     = var.subnetwork == null ? true : can(regex("regions/[^/]+/subnetworks/[^/]+$", var.subnetwork))
    error_message = "subnetwork is written as regions/REGION/subnetworks/NAME."
  }
}

variable "temp_bucket" {
  description = "Bucket of the job's temporary files, without gs://."
  type        = string
  nullable    = false

  validation {
    condition     = !startswith(var.temp_bucket, "gs://") && !strcontains(var.temp_bucket, "/")
    error_message = "temp_bucket is the bare name of a bucket."
  }
}

variable "template_path" {
  description = "Template to run, by a path that carries its version or commit (`gs://<bucket>/templates/events-1.4.0.json`)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^gs://[^/]+/(.+[-/])?(v?\\d+\\.\\d+\\.\\d+|[0-9a-f]{7,40})[^/]*\\.json$", var.template_path))
    error_message = "template_path is gs://BUCKET/…-VERSION.json with a version (1.4.0) or a commit in the file's name: a template that is written again under its old path would not be noticed."
  }
}

variable "transform_name_mapping" {
  description = "Old step names to new ones, for an update that renames steps."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "workers" {
  description = "Workers at the start and at most (1 to 1000), and their machine type. Changing the numbers replaces the job: it drains, then a new one starts."
  type = object({
    initial      = optional(number, 1)
    max          = optional(number, 10)
    machine_type = optional(string, "n2-standard-2")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.workers.initial >= 1 && var.workers.max >= var.workers.initial && var.workers.max <= 1000
    error_message = "workers.initial is at least 1 and not above workers.max, which is at most 1000."
  }
}
