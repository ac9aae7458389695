print("sikimr")
