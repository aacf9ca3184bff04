variable "ip_cidr_range" {
  description = "Addresses of the subnetwork, one per worker (`10.64.0.0/24` holds 250)."
  type        = string
  default     = "10.64.0.0/24"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.ip_cidr_range, 0))
    error_message = "ip_cidr_range is written as 10.64.0.0/24."
  }
}

variable "prefix" {
  description = "Environment, in front of the names (`prod`)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,10}$", var.prefix))
    error_message = "The prefix is 2 to 11 lower-case letters, digits and hyphens, and begins with a letter."
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

variable "region" {
  description = "Region of the subnetwork (`us-central1`)."
  type        = string
  nullable    = false
}
