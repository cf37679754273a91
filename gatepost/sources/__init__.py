"""What is in the files, or in the foreign database, that the data comes from?"""
