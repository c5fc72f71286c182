"""The system on Kubernetes: what is made of the tables of topics, grants and workloads, and the folders of kustomize."""
