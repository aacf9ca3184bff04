variable "deletion_protection" {
  description = "Refuse to delete the repository: without its images no instance can start."
  type        = bool
  default     = true
  nullable    = false
}

variable "keep_days" {
  description = "Days that every image is kept. Older ones go, but for the newest of each."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.keep_days >= 1
    error_message = "keep_days is at least 1."
  }
}

variable "keep_versions" {
  description = "How many versions of each image are kept whatever their age: as far back a rollback reaches (2 to 1000)."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.keep_versions >= 2 && var.keep_versions <= 1000
    error_message = "keep_versions lies between 2 (the one that runs and the one before it) and 1000."
  }
}

variable "labels" {
  description = "Labels of the repository."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "location" {
  description = "Region of the repository (`us-central1`)."
  type        = string
  nullable    = false
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

variable "readers" {
  description = "Members who may pull images: the Dataflow worker's account. Cloud Run's own agent can already."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.readers : !contains(["allUsers", "allAuthenticatedUsers"], member)])
    error_message = "The repository must not be open to allUsers or allAuthenticatedUsers."
  }
}

variable "repository_id" {
  description = "Name of the repository (`prod-pipeline`): lower-case letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,61}[a-z0-9]$", var.repository_id))
    error_message = "A repository id has 2 to 63 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "writers" {
  description = "Members who may push images: the deployers."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.writers : !contains(["allUsers", "allAuthenticatedUsers"], member)])
    error_message = "The repository must not be open to allUsers or allAuthenticatedUsers."
  }
}
