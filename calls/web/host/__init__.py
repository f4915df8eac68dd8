"""The pages of members: each begins with `visitors.member` and is stored by nobody."""
