"""Addresses of the admin screens of a row."""

from django.urls import reverse


def admin_address(row, word="change"):
    """The address of one screen of a row: ``change``, ``trail``, ``preview``, ``verb`` …"""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{word}", args=[row.pk])
