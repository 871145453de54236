# library: imported by the scripts of this folder, not run by itself
def where():
    return "beside the script"
