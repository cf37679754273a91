"""Will the application find the database that was verified, and all else that it is told?"""
