policy { max_removed = "130%" }
