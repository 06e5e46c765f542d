"""What the page of a state or body shows beside its own record: its agreements, exercises, assistance, words and timeline.

``selection`` chooses rows and returns plain data, ``timeline`` what is dated, ``countries`` the counts of all states.
"""
