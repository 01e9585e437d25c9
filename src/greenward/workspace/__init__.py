"""Staff home: my work, dashboards, the community's file, audit viewer."""
