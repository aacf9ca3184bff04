variable "bucket_iam" {
  description = "Members of each role on the buckets: `events`, `templates`, `staging` or `temp` → role → members."
  type        = map(map(set(string)))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for bucket in keys(var.bucket_iam) : contains(["events", "templates", "staging", "temp"], bucket)])
    error_message = "bucket_iam knows the buckets events, templates, staging and temp."
  }

  validation {
    condition = alltrue(flatten([
      for roles in values(var.bucket_iam) : [for members in values(roles) : [for member in members : !contains(["allUsers", "allAuthenticatedUsers"], member)]]
    ]))
    error_message = "A bucket must not be open to allUsers or allAuthenticatedUsers."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the buckets of events, templates and staged files. The bucket of temporary files is never protected."
  type        = bool
  default     = true
  nullable    = false
}

variable "delivery_mode" {
  description = "`dataflow`: with buckets of templates, staged files and temporary files. `direct`: the bucket of events alone."
  type        = string
  default     = "dataflow"
  nullable    = false

  validation {
    condition     = contains(["dataflow", "direct"], var.delivery_mode)
    error_message = "delivery_mode is dataflow or direct."
  }
}

variable "events_days" {
  description = "Days after which files of events are deleted; null keeps them for ever."
  type        = number
  default     = null

  validation {
    condition     = var.events_days == null ? true : var.events_days >= 1
    error_message = "events_days is at least 1, or null to keep files for ever."
  }
}

variable "events_storage_classes" {
  description = "Days after which files of events move to a colder storage class."
  type        = map(number)
  default     = { NEARLINE = 30, COLDLINE = 90 }
  nullable    = false

  validation {
    condition     = alltrue([for class, age in var.events_storage_classes : contains(["NEARLINE", "COLDLINE", "ARCHIVE"], class) && age >= 1])
    error_message = "Storage classes are NEARLINE, COLDLINE and ARCHIVE, each with an age of at least one day."
  }
}

variable "labels" {
  description = "Labels of every bucket."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "location" {
  description = "Region or multi-region of the buckets (`us-central1`, `EU`). It cannot be changed later."
  type        = string
  nullable    = false
}

variable "prefix" {
  description = "What bucket names begin with, unique in the world: by custom `<project>-<environment>`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,50}[a-z0-9]$", var.prefix)) && !startswith(var.prefix, "goog")
    error_message = "The prefix has 3 to 52 lower-case letters, digits and hyphens and does not begin with goog, so that `<prefix>-templates` is a bucket name."
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

variable "temp_days" {
  description = "Days after which temporary files of the job are deleted."
  type        = number
  default     = 14
  nullable    = false

  validation {
    condition     = var.temp_days >= 1
    error_message = "temp_days is at least 1."
  }
}
