"""Does the target, exported back, give the documents that it was made of?"""
