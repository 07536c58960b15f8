"""The followers' side: WeChat's pushes in, passive replies and customer-service messages out."""
