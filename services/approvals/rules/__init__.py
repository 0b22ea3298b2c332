"""Rules of approvals: pure, with tables of cases."""
