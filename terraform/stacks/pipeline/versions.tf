terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  # Used by the modules, and pinned here for all of them.
  required_providers {
    # tflint-ignore: terraform_unused_required_providers
    google = {
      source  = "hashicorp/google"
      version = ">= 8.0.0, < 9.0.0"
    }
    # tflint-ignore: terraform_unused_required_providers
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 8.0.0, < 9.0.0"
    }
  }
}
