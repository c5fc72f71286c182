"""The library: exemplar job descriptions, team structures, case studies, training, challenges and events; versioned and
reviewed before they are published."""
