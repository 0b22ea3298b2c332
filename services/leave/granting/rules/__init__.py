"""Rules of granting: entitlement from facts and a policy, shares of a year, forfeits, pay for unused days."""
